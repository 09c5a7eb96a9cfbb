/// Names of people, all in ASCII.
enum Names {
  static let female = words(
    """
    Abigail Ada Adele Agnes Aisha Alana Alba Alice Alicia Alina Alma Amanda Amara Amber Amelia Amina
    Amy Ana Anaya Andrea Angela Anika Anita Anna Annika April Aria Ariana Astrid Audrey Aurora Ava
    Beatrice Bella Bernice Beth Bianca Bonnie Brenda Briana Bridget Camila Carla Carmen Carol Cassandra
    Catherine Cecilia Celeste Charlotte Chloe Christina Claire Clara Claudia Colleen Cora Cynthia Daisy
    Dalia Daniela Daphne Deborah Delia Diana Dolores Donna Dora Doris Edith Elaine Eleanor Elena Elisa
    Eliza Ella Ellen Eloise Elsa Emilia Emily Emma Erica Erin Esme Estelle Esther Eva Evelyn Faith
    Fatima Felicia Fiona Flora Frances Frida Gabriela Gemma Georgia Gina Gloria Grace Greta Gwen Hailey
    Hannah Harriet Hazel Heather Heidi Helen Hilda Hope Ida Imani Ines Ingrid Irene Iris Isabel Ivy
    Jacqueline Jade Jana Jane Janet Jasmine Jean Jenna Jennifer Jessica Joan Joanna Josephine Joy Joyce
    Juanita Judith Julia Juliet June Kara Karen Karina Kate Kayla Keisha Kelly Kendra Kim Kira Kristen
    Lana Laura Layla Leah Leila Lena Leona Leslie Lila Lillian Lily Linda Lisa Lola Lorena Louise Lucia
    Lucy Luna Lydia Mabel Maeve Maia Malia Mara Margaret Maria Marina Marta Mary Matilda Maya Megan Mei
    Melanie Melissa Mercedes Mia Michelle Mila Mina Miriam Molly Monica Nadia Naomi Natalie Nia Nicole
    Nina Noelle Nora Nyla Octavia Odette Olga Olive Olivia Paige Pamela Patricia Paula Pearl Penelope
    Petra Phoebe Priya Quinn Rachel Ramona Rebecca Renee Rita Roberta Rosa Rose Ruby Ruth Sabrina Sadie
    Salma Samantha Sandra Sara Selena Serena Shannon Sharon Sheila Silvia Simone Sofia Sonia Stella
    Susan Sylvia Talia Tamara Tanya Tara Teresa Tessa Thea Tina Ursula Valerie Vanessa Vera Veronica
    Victoria Viola Violet Vivian Wanda Wendy Willa Yara Yasmin Yolanda Yvonne Zara Zoe
    """)

  static let male = words(
    """
    Aaron Abel Abraham Adam Adrian Ahmed Aidan Alan Albert Alejandro Alex Alfred Ali Allen Alvin Amir
    Amos Andre Andrew Angel Anthony Antonio Armando Arthur Arturo Asher August Axel Barry Basil Ben
    Benjamin Bernard Boris Brandon Brendan Brian Bruce Bruno Bryce Byron Caleb Calvin Cameron Carl
    Carlos Casey Cedric Cesar Chad Charles Chester Chris Clarence Claude Clayton Clifford Cody Colin
    Connor Corey Craig Cyrus Dale Damian Daniel Dante Darius Darren David Dean Dennis Derek Desmond
    Devin Diego Dmitri Dominic Donald Douglas Duncan Dustin Dwight Dylan Earl Edgar Edmund Eduardo Edwin
    Eli Elias Elliot Elmer Emil Emmanuel Enrique Eric Ernest Ethan Eugene Evan Ezra Fabian Felix
    Fernando Finn Floyd Francis Frank Fred Gabriel Garrett Gary George Gerald Gilbert Glenn Gordon
    Graham Grant Gregory Gustavo Guy Harold Harry Harvey Hassan Hector Henry Herbert Howard Hugh Hugo
    Ian Ibrahim Igor Isaac Ivan Jack Jacob Jaime Jake Jamal James Jared Jason Javier Jay Jeffrey Jeremy
    Jerome Jesse Joel John Jonah Jonathan Jordan Jorge Jose Joseph Joshua Juan Julian Julio Justin Karl
    Keith Kenneth Kenji Kevin Kofi Kurt Kyle Lamar Lance Larry Lawrence Leo Leon Leonard Lewis Liam
    Lionel Lloyd Logan Louis Lucas Luis Luke Luther Malcolm Manuel Marco Marcus Mario Mark Marshall
    Martin Marvin Mason Mateo Matthew Maurice Max Melvin Micah Michael Miguel Miles Mitchell Mohamed
    Morgan Nathan Neil Nelson Nicholas Noah Noel Norman Oliver Omar Orlando Oscar Otto Owen Pablo
    Patrick Paul Pedro Perry Peter Philip Pierre Preston Quentin Rafael Ralph Ramon Randall Raul Ravi
    Raymond Reginald Ricardo Richard Robert Roberto Rodney Roger Roland Roman Ronald Ross Roy Ruben
    Russell Ryan Salvador Samir Samuel Santiago Saul Scott Sean Sebastian Sergio Seth Shane Sidney Simon
    Spencer Stanley Stefan Stephen Steven Stuart Sven Tariq Ted Terrence Theodore Thomas Timothy Tobias
    Todd Tomas Tony Travis Trevor Troy Tyler Tyrone Vernon Victor Vincent Vladimir Wade Walter Warren
    Wayne Wesley Wilbur Will William Winston Xavier Yusuf Zachary Zane
    """)

  static let last = words(
    """
    Abbott Acosta Adams Adler Aguilar Ahmed Alexander Ali Allen Alvarez Andersen Anderson Andrews
    Archer Armstrong Arnold Ashby Atkins Austin Avery Bailey Baker Baldwin Banks Barker Barlow Barnes
    Barrett Barton Bates Bauer Beck Becker Bell Bennett Benson Berg Bishop Black Blair Blake Bloom
    Bowen Bowman Boyd Bradford Bradley Brady Brennan Briggs Brooks Brown Bryant Buchanan Burke Burns
    Burton Bush Butler Byrne Cabrera Calderon Caldwell Camacho Campbell Cannon Cardenas Carlson
    Carpenter Carr Carroll Carter Carver Castillo Castro Chambers Chan Chandler Chang Chapman Chavez
    Chen Choi Christensen Chung Church Clark Clarke Clayton Cohen Cole Coleman Collins Combs Conner
    Conway Cook Cooper Corbett Cortez Costa Cox Craig Crane Crawford Crosby Cross Cruz Cummings Curtis
    Dalton Daniels Davenport Davidson Davies Davis Dawson Day Dean Decker Delgado Dempsey Diaz Dixon
    Donovan Dorsey Doyle Drake Dudley Duffy Duncan Dunn Duran Eaton Edwards Elliott Ellis Emerson
    Erickson Espinoza Estrada Evans Everett Farrell Ferguson Fernandez Fields Figueroa Finch Fischer
    Fisher Fitzgerald Fleming Fletcher Flores Flynn Forbes Ford Foster Fowler Fox Francis Franklin
    Frazier Freeman French Frost Fuentes Fuller Gallagher Gallegos Garcia Gardner Garner Garrett Garza
    Gates Gibbs Gibson Gilbert Gill Glover Gomez Gonzalez Goodman Goodwin Gordon Graham Grant Graves
    Gray Green Greene Griffin Gross Guerrero Gutierrez Guzman Haines Hale Hall Hamilton Hammond
    Hampton Hansen Hanson Hardy Harmon Harper Harrington Harris Harrison Hart Harvey Hawkins Hayes
    Heath Henderson Henry Hernandez Herrera Hicks Higgins Hill Hobbs Hodges Hoffman Hogan Holland
    Holloway Holmes Holt Hopkins Horton Houston Howard Howell Hubbard Hudson Huerta Hughes Hunt Hunter
    Hussain Hutchins Ibarra Ingram Irwin Jackson Jacobs James Jennings Jensen Jimenez Johansen Johnson
    Johnston Jones Jordan Joseph Juarez Kane Kaplan Keller Kelley Kelly Kemp Kennedy Kent Kerr Khan
    Kim King Kirby Klein Knight Knox Kowalski Kramer Lambert Lane Lang Larsen Lawrence Lawson Leblanc
    Lee Leon Leonard Lester Levine Lewis Lin Lindgren Lindsey Little Livingston Lloyd Logan Long Lopez
    Lowe Lucas Luna Lynch Lyons Mack Madden Maldonado Malone Mann Manning Marks Marquez Marsh Marshall
    Martin Martinez Mason Massey Matthews Maxwell May McBride McCarthy McCoy McDaniel McGee McGuire
    McKay McKinney McLean Meadows Medina Mejia Melton Mendez Mendoza Mercer Merritt Meyer Miles Miller
    Mills Miranda Mitchell Molina Monroe Montoya Moody Moon Moore Morales Moran Moreno Morgan Morris
    Morrison Morrow Morse Morton Moss Mueller Mullen Munoz Murphy Murray Myers Nash Navarro Neal
    Nelson Newman Newton Nguyen Nichols Nielsen Nixon Noble Nolan Norman Norris Norton Novak Nunez
    Obrien Ochoa Oconnor Oliver Olsen Olson Oneal Orozco Ortega Ortiz Osborne Owens Pace Pacheco
    Padilla Page Palmer Park Parker Parsons Patel Patrick Patterson Patton Payne Pearson Pena Perez
    Perkins Perry Peters Petersen Peterson Pham Phelps Phillips Pierce Pittman Ponce Poole Pope Porter
    Potter Powell Powers Pratt Preston Price Prince Proctor Pruitt Quinn Quintero Ramirez Ramos Ramsey
    Randall Rangel Ray Reed Reese Reeves Reid Reyes Reynolds Rhodes Rice Richards Riley Rios Rivera
    Robbins Roberts Robinson Robles Rodgers Rodriguez Rogers Rojas Roman Romero Rosario Rose Ross Roth
    Rowe Rowland Rubio Ruiz Russell Russo Ryan Salazar Salinas Sampson Sanchez Sanders Sandoval
    Santana Santiago Santos Saunders Savage Sawyer Schmidt Schneider Schroeder Schultz Schwartz Scott
    Sellers Serrano Shaffer Shah Shannon Sharp Shaw Shelton Shepherd Sherman Shields Short Silva
    Simmons Simon Simpson Sims Singh Singleton Skinner Sloan Small Smith Snow Snyder Solis Solomon
    Sosa Soto Spence Spencer Stafford Stanley Stark Steele Stein Stephens Stevens Stewart Stokes Stone
    Stout Strickland Strong Suarez Sullivan Summers Sutton Swanson Sweeney Tanaka Tapia Tate Taylor
    Terrell Terry Thomas Thompson Thornton Tobin Todd Torres Townsend Tran Travis Trevino Trujillo
    Tucker Turner Tyler Underwood Valdez Valencia Valentine Vance Vargas Vasquez Vaughn Vega Velasquez
    Velez Villa Vincent Vogel Wade Wagner Walker Wall Wallace Walsh Walter Walton Wang Ward Ware
    Warner Warren Washington Watkins Watson Watts Weaver Webb Weber Webster Weeks Weiss Welch Wells
    West Wheeler Whitaker White Whitehead Whitfield Whitney Wiggins Wilcox Wiley Wilkins Wilkinson
    Williams Willis Wilson Winters Wise Wolf Wolfe Wong Wood Woodard Woods Woodward Wright Wu Wyatt
    Yamada Yang Yates Yoder York Young Yu Zamora Zhang Zimmerman Zuniga
    """)

  static let femalePrefixes = ["Ms.", "Mrs.", "Miss", "Dr."]
  static let malePrefixes = ["Mr.", "Mr.", "Mr.", "Dr."]
}
